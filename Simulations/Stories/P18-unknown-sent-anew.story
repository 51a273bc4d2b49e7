story 1
scenario swarm
seed 22
set servers 3
set clients 1
set timing wan
set duration 11100ms
set storage memory
set bugs P18
set spares 1
set changes 25ms-500ms
set leader-faults.pause 1166.666666ms-8166.666665ms
set leader-faults.halves.lasting 250ms-10000ms
property exactly once
detail what c1 said once stands at 8 and at 10
hash 97e1dabb0d201dc8
end 11.0017 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
0.02 s  workload.action c1 (act 2) = join
0.12 s  workload.moment c1 (act 8) = at 3.5 s
0.2 s  change.pause (change 9) = at 1.4 s
1.4 s  change.server (change 9) = 1
3.499999998 s  fault.kind (leader-strike 3) = halves
3.499999998 s  fault.duration (leader-strike 3) = 7 s
3.5 s  workload.action c1 (act 8) = say
