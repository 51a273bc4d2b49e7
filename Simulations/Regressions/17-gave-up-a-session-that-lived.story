story 1
scenario swarm
seed 1017863
set servers 3
set clients 5
set timing lan
set duration 1100ms
set storage memory
set plain 20
set stubborn 30
set workload.visit 15
set leader-faults.halves.lasting 25ms-3000ms
set leader-faults.clock-freeze.lasting 25ms-3000ms
set leader-faults.crash-loop.lasting 25ms-3000ms
set ambush 30
property sender order
detail c5 said what stands at 8 before other words that stand before it
hash 5372d60f43458666
end 0.90125 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
0 s  workload.action c5 (act 1) = join
0.0014 s  ambush (ambush 1) = yes
0.0014 s  fault.kind (ambush 1) = halves
0.0014 s  fault.duration (ambush 1) = 1 s
0.06 s  workload.moment c5 (act 5) = at 0.8 s
0.2 s  fault.kind (leader-strike 1) = clockFreeze
0.2 s  fault.duration (leader-strike 1) = 700 ms
0.6 s  fault.kind (leader-strike 3) = crashLoop
0.8 s  workload.action c5 (act 5) = visit
0.82 s  workload.action c5 (act 6) = visit
