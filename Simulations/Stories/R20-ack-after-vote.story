story 1
scenario swarm
seed 2
set servers 3
set clients 0
set timing wan
set duration 6200ms
set storage memory
set bugs R20
set network.delay 0.050000ms-4ms
set leader-faults.pause 909.090909ms-6363.636363ms
set leader-faults.isolate.lasting 250ms-30000ms
property durable before told
detail s1 acknowledged entries in epoch 1 after it had voted in round 2
hash 3a0b1c1bd886fca9
end 6.00065 s
node 0 s1
node 1 s2
node 2 s3
0.0002 s  packet.delay s1 s2 (introduction 5) = 3 ms
1.818181818 s  fault.kind (leader-strike 2) = isolate
1.818181818 s  fault.duration (leader-strike 2) = 20 s
