story 1
scenario swarm
seed 27502
set servers 4
set clients 1
set timing guide
set duration 90000ms
set storage memory
set leader-faults.by 20ms-10000ms
set leader-faults.slow-node.lasting 500ms-20000ms
property liveness
detail healed around s1, s2, s3 (the others are as-they-are), the cluster did not come to its last reads within 112000 ms; leaders: s4 in epoch 1; 3 answers missing to c1
hash f8e21a9aadb8325e
end 202 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 1024 c1
0.6 s  fault.moment (leader-strike 4) = at 72 s
72 s  fault.kind (leader-strike 4) = slowNode
72 s  fault.strength (leader-strike 4) = 3 s
72 s  fault.duration (leader-strike 4) = 18.4 s
90 s  fault.target (second-act) = 3
90 s  fault.kind (second-act) = 4
