story 1
scenario crash-storm
seed 0
set servers 2
set clients 2
set timing lan
set duration 300ms
set storage memory
set bugs C2
set faults.down all
set faults.crash.lasting 50ms-4000ms
property state-machine safety
detail s1 applied another outcome than others at 3
hash 5c2d27dea615feba
end 0.25065 s
node 0 s1
node 1 s2
node 1024 c1
node 1025 c2
0 s  workload.action c2 (act 1) = join
0.02 s  workload.action c2 (act 2) = read
0.2 s  fault.kind (strike 1) = crash
