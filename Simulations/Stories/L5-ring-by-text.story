story 1
scenario swarm
seed 2
set servers 5
set clients 0
set timing wan
set duration 10000ms
set storage memory
set bugs L5
set leader-faults.pause 909.090909ms-6363.636363ms
set leader-faults.crash.lasting 250ms-30000ms
set leader-faults.isolate.lasting 250ms-30000ms
property liveness
detail healed around s3, s4, s5 (the others are deaf), the cluster did not come to a leader, equal logs and all answers within 92000 ms; leaders: none; 0 answers missing to 
hash d6685ecf07b4c7e1
end 102 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
1.818181818 s  fault.kind (leader-strike 2) = isolate
1.818181818 s  fault.duration (leader-strike 2) = 20 s
8.181818181 s  fault.kind (leader-strike 9) = crash
