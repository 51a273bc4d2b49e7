story 1
scenario crash-storm
seed 0
set servers 2
set clients 1
set timing lan
set duration 300ms
set storage memory
set bugs C2
set faults.down all
set faults.crash.lasting 50ms-4000ms
property state-machine safety
detail s1 applied another outcome than others at 3
hash 97591939bcccd56f
end 0.25065 s
node 0 s1
node 1 s2
node 1024 c1
0 s  workload.action c1 (act 1) = join
0.2 s  fault.kind (strike 1) = crash
