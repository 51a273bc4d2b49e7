story 1
scenario swarm
seed 7
set servers 4
set clients 0
set timing lan
set duration 2600ms
set storage memory
set bugs E8
set spares 2
set leader-faults.one-way.lasting 25ms-3000ms
property liveness
detail healed around s1, s2 (the others are deaf), the cluster did not come to a leader, equal logs and all answers within 50000 ms; leaders: none; 0 answers missing to 
hash 70435d11406929f3
end 52.6 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
1.6 s  fault.kind (leader-strike 8) = oneWay
1.6 s  fault.duration (leader-strike 8) = 2 s
