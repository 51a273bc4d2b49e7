story 1
scenario swarm
seed 20
set servers 2
set clients 1
set timing lan
set duration 1000ms
set storage memory
set bugs R5
set stubborn 30
set leader-faults.halves.lasting 25ms-3000ms
property leader completeness
detail s2 committed index 3 of epoch 1 by counting in epoch 2
hash 4a27ec5fc6b296e
end 1.00135 s
node 0 s1
node 1 s2
node 1024 c1
0.18 s  workload.action c1 (act 10) = join
0.4 s  fault.kind (leader-strike 2) = halves
0.4 s  fault.duration (leader-strike 2) = 2 s
0.7 s  workload.action c1 (act 36) = say
