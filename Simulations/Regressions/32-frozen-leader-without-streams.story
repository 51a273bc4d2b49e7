story 1
scenario swarm
seed 130005392
set servers 3
set clients 1
set timing wan
set duration 70000ms
set storage memory
set leader-faults.isolate.lasting 250ms-30000ms
set leader-faults.clock-freeze.lasting 250ms-30000ms
set leader-faults.blocked-streams.lasting 250ms-30000ms
property liveness
detail healed around s1, s3 (the others are as-they-are), the cluster did not come to its last reads within 92000 ms; leaders: s2 in epoch 2; 3 answers missing to c1
hash 5ecb8722ff06f0e4
end 162 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
1.6 s  fault.kind (leader-strike 8) = isolate
1.6 s  fault.duration (leader-strike 8) = 6 s
1.6 s  fault.moment (leader-strike 9) = at 56 s
56 s  fault.kind (leader-strike 9) = clockFreeze
56 s  fault.duration (leader-strike 9) = 17 s
56 s  fault.moment (leader-strike 10) = at 64 s
64 s  fault.kind (leader-strike 10) = blockedStreams
64 s  fault.target s2 (leader-strike 10) = 2
64 s  fault.duration (leader-strike 10) = 7 s
70 s  fault.target (second-act) = 1
70 s  fault.kind (second-act) = 4
