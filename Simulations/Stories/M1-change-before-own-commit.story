story 1
scenario contested-membership
seed 34
set servers 4
set clients 1
set timing lan
set duration 800ms
set storage memory
set bugs M1
set changes 5ms-300ms
set leader-faults.isolate.lasting 100ms-2000ms
set leader-faults.halves.lasting 100ms-2000ms
set ambush 100
property leader completeness
detail index 2 is committed, and s4, which lacks it and knows 3 members, could be elected by s1, s4
hash 4379c0a7bfd8d8a5
end 0.60165 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 1024 c1
0 s  workload.servers c1 (life 1) = 1
0.005 s  change.server (change 1) = 1
0.0052 s  fault.kind (ambush 2) = isolate
0.0052 s  fault.duration (ambush 2) = 1 s
0.6014 s  fault.kind (ambush 3) = halves
0.6014 s  fault.target (ambush 3) = 1
0.6014 s  fault.target (ambush 3) #2 = 1
