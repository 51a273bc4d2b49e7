story 1
scenario crash-storm
seed 0
set servers 2
set clients 1
set timing lan
set duration 3800ms
set storage memory
set bugs C1
set faults.down all
set faults.crash-in-commit.lasting 50ms-4000ms
property room order
detail s2 showed at 4 what it has not applied
hash 4f57f99da15d1555
end 3.6014 s
node 0 s1
node 1 s2
node 1024 c1
0 s  workload.action c1 (act 1) = join
0.48 s  workload.moment c1 (act 26) = at 1.6 s
1.4 s  fault.kind (strike 7) = crashInCommit
1.4 s  fault.duration (strike 7) = 2 s
1.6 s  workload.action c1 (act 26) = say
