story 1
scenario swarm
seed 403
set servers 3
set clients 2
set timing lan
set duration 4700ms
set storage memory
set plain 20
set fault-points true
set points.kinds 842163
set points.one-in 13
set points.salt 5968699490912872363
set workload.rooms 6
set faults.wipe.lasting 0.500000ms-250ms
set leader-faults.partial-writes.lasting 25ms-1000ms
property durability
detail c1 got order 9 acknowledged at 12, where something else stands
hash 8ce608156d0b18ed
end 4.50085 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
node 1025 c2
0 s  workload.servers c1 (life 1) = 2
0 s  workload.moment c1 (act 2) = at 0.1 s
0 s  workload.servers c2 (life 1) = 2
0.1 s  workload.action c1 (act 2) = join
0.12 s  workload.action c1 (act 3) = say
0.14 s  workload.action c1 (act 4) = say
0.14 s  workload.action c2 (act 8) = join
0.2 s  fault.moment (strike 2) = at 3.353742364 s
0.2 s  workload.moment c2 (act 12) = at 1.9 s
0.24 s  workload.action c1 (act 9) = join
0.24 s  workload.moment c1 (act 10) = at 1.4 s
0.4 s  fault.moment (leader-strike 3) = at 3.42 s
1.4 s  workload.action c1 (act 10) = say
1.56 s  workload.action c1 (act 18) = join
1.6 s  workload.moment c1 (act 21) = at 3.69 s
2.08 s  workload.action c2 (act 21) = say
3.353742364 s  fault.moment (strike 3) = at 3.9 s
3.353742364 s  fault.kind (strike 2) = wipe
3.353742364 s  fault.target (strike 2) = 2
3.353742364 s  fault.duration (strike 2) = 50 ms
3.353742364 s  crash.kind s3 (strike 2) = 1
3.42 s  fault.kind (leader-strike 3) = partialWrites
3.42 s  fault.strength (leader-strike 3) = 2
3.42 s  fault.duration (leader-strike 3) = 300 ms
3.69 s  workload.action c1 (act 21) = say
3.69 s  workload.moment c1 (act 22) = at 3.85 s
3.85 s  workload.action c1 (act 22) = join
3.85 s  workload.moment c1 (act 23) = at 4.02 s
3.9 s  fault.kind (strike 3) = wipe
4.02 s  workload.action c1 (act 23) = say
