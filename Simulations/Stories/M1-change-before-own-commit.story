story 1
scenario contested-membership
seed 8011
set servers 4
set clients 2
set timing lan
set duration 1300ms
set storage memory
set bugs M1
set changes 5ms-300ms
set leader-faults.halves.lasting 100ms-2000ms
set ambush 100
property leader completeness
detail s4 leads epoch 3 with a log of 2 entries that lacks what was committed through 3 in epoch 2
hash 38b2de2b168e24f3
end 1.1025 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 1024 c1
node 1025 c2
0 s  workload.servers c2 (life 1) = 3
0.00015 s  packet.delay s3 s1 (introduction 3) = 800 us
0.00035 s  packet.delay s3 s1 (introduction 5) = 700 us
0.0011 s  packet.delay s1 s3 (introduction 7) = 800 us
0.00225 s  fault.moment (ambush 1) = at 0.005 s
0.005 s  change.person (change 1) = 1
0.005 s  fault.kind (ambush 1) = halves
0.005 s  fault.duration (ambush 1) = 1 s
0.035 s  change.pause (change 8) = at 0.9 s
0.70205 s  fault.kind (ambush 2) = halves
0.70205 s  fault.target (ambush 2) = 1
0.70205 s  fault.duration (ambush 2) = 1 s
0.9 s  change.server (change 8) = 1
