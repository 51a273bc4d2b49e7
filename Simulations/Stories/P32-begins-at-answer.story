story 1
scenario split-brain
seed 19
set servers 2
set clients 1
set timing guide
set duration 7200ms
set storage memory
set bugs P32
set leader-faults.isolate.lasting 1000ms-15000ms
property room order
detail s2 pushed 4, which stands behind 3, after 2
hash 6b5db99881d3999d
end 7.00035 s
node 0 s1
node 1 s2
node 1024 c1
0.2 s  fault.kind (leader-strike 1) = isolate
0.2 s  fault.duration (leader-strike 1) = 5.4 s
0.44 s  workload.action c1 (act 23) = join
0.76 s  workload.action c1 (act 39) = say
1.16 s  workload.moment c1 (act 60) = at 7 s
7 s  workload.action c1 (act 60) = say
