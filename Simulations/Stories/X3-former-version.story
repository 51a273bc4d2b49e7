story 1
scenario swarm
seed 18
set servers 2
set clients 0
set timing wan
set duration 11500ms
set storage memory
set bugs X3
set leader-faults.down all
set leader-faults.former-version.lasting 250ms-30000ms
property liveness
detail healed around s1, s2 (the others are cut-off), the cluster did not come to a leader, equal logs and all answers within 92000 ms; leaders: none; 0 answers missing to 
hash e76a3548d3ef703c
end 103.5 s
node 0 s1
node 1 s2
0.4 s  fault.kind (leader-strike 2) = formerVersion
0.4 s  fault.duration (leader-strike 2) = 10 s
