story 1
scenario swarm
seed 22
set servers 3
set clients 1
set timing wan
set duration 12200ms
set storage memory
set bugs P18
set spares 1
set changes 25ms-500ms
set leader-faults.halves.lasting 250ms-10000ms
set ambush 30
property exactly once
detail what c1 said once stands at 10 and at 13
hash e2616356096ae436
end 12.0016 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
0.06 s  workload.action c1 (act 4) = join
0.175 s  change.pause (change 8) = at 0.87 s
0.22 s  workload.moment c1 (act 13) = at 4.27375 s
1.095 s  change.server (change 17) = 1
1.145 s  change.server (change 19) = 1
1.42 s  change.pause (change 31) = at 4.27375 s
4.27375 s  workload.action c1 (act 13) = say
4.27385 s  ambush (ambush 8) = yes
4.27385 s  fault.kind (ambush 8) = halves
4.27385 s  fault.duration (ambush 8) = 5 s
