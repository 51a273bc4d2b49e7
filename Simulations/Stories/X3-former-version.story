story 1
scenario swarm
seed 0
set servers 3
set clients 0
set timing lan
set duration 3100ms
set storage memory
set bugs X3
set leader-faults.former-version.lasting 25ms-1000ms
property liveness
detail healed around s2, s3 (the others are deaf), the cluster did not come to a leader, equal logs and all answers within 50000 ms; leaders: none; 0 answers missing to 
hash 1284f05bb9ce635d
end 53.1 s
node 0 s1
node 1 s2
node 2 s3
2 s  fault.kind (leader-strike 10) = formerVersion
2 s  fault.duration (leader-strike 10) = 830 ms
