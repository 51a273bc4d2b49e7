story 1
scenario swarm
seed 100023714
set servers 9
set clients 1
set timing lan
set duration 3700ms
set storage memory
set spares 4
set changes 2.500000ms-50ms
set stubborn 30
set fault-points true
set operator 150ms-3000ms
set points.kinds 543416
set points.one-in 30
set points.salt 18420478945581967812
set leader-faults.halves.lasting 25ms-250ms
set leader-faults.clock-freeze.lasting 25ms-250ms
set ambush 100
property durability
detail c1 was told that s1 is a member, as it had asked, which was not so since
hash 4a4033bff84687f2
end 3.5028 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 5 s6
node 6 s7
node 7 s8
node 8 s9
node 1024 c1
0 s  workload.servers c1 (life 1) = 6
0 s  workload.servers c1 (life 1) #6 = 3
0.0125 s  change.pause (change 6) = at 0.08 s
0.08 s  change.server (change 6) = 1
0.095 s  change.server (change 12) = 2
0.1025 s  change.server (change 15) = 4
0.1125 s  change.pause (change 20) = at 0.574 s
0.574 s  change.server (change 20) = 4
0.589 s  change.server (change 26) = 1
0.6958 s  fault.kind (ambush 8) = halves
0.6958 s  fault.duration (ambush 8) = 100 ms
0.699 s  change.pause (change 71) = at 1.9 s
1.9 s  change.server (change 71) = 2
1.9125 s  change.server (change 76) = 3
1.99 s  change.pause (change 108) = at 2.1 s
2.1325 s  change.pause (change 122) = at 2.5 s
2.5 s  change.server (change 122) = 5
2.7026 s  fault.kind (ambush 22) = clockFreeze
2.7026 s  fault.duration (ambush 22) = 100 ms
2.7026 s  left-alone (ambush 22) = 1
2.7026 s  left-alone.for (ambush 22) = 1
