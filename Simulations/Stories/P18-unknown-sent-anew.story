story 1
scenario swarm
seed 21
set servers 2
set clients 1
set timing lan
set duration 3300ms
set storage memory
set bugs P18
set faults.half-open.lasting 25ms-1000ms
property exactly once
detail what c1 said once stands at 3 and at 5
hash 1e22cc1f322ae983
end 8.5008 s
node 0 s1
node 1 s2
node 1024 c1
0.08 s  workload.action c1 (act 5) = join
1.26 s  workload.moment c1 (act 65) = at 3 s
3 s  workload.action c1 (act 65) = say
3 s  fault.kind (strike 15) = halfOpen
