story 1
scenario swarm
seed 1003683
set servers 3
set clients 1
set timing lan
set duration 4500ms
set storage memory
set network.holding-back 2%
set faults.one-way.weight 2
set leader-faults.one-way.lasting 25ms-250ms
set leader-faults.clock-freeze.lasting 25ms-250ms
property liveness
detail healed around s1, s2 (the others are as-they-are), the cluster did not come to its last reads within 50000 ms; leaders: s3 in epoch 1; 3 answers missing to c1
hash aa9f586fb4844654
end 54.5 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
0 s  fault.moment (strike 1) = at 2.1 s
1.4 s  fault.kind (leader-strike 7) = oneWay
1.8 s  fault.moment (leader-strike 10) = at 4.44 s
2.1 s  fault.kind (strike 1) = oneWay
2.1 s  fault.target (strike 1) = 1
2.1 s  fault.duration (strike 1) = 2.46 s
4.44 s  fault.kind (leader-strike 10) = clockFreeze
4.44 s  fault.duration (leader-strike 10) = 100 ms
4.5 s  fault.target (second-act) = 2
4.5 s  fault.kind (second-act) = 4
4.5003 s  packet.heldBack s1 s3 (heartbeat-answer 46) = yes
