story 1
scenario swarm
seed 0
set servers 3
set clients 1
set timing lan
set duration 400ms
set storage memory
set bugs P22
set limits.unstored 2
set workload.visit 15
set faults.former-version.lasting 25ms-250ms
property state-machine safety
detail s3 applied another outcome than others at 5
hash ae53c98fba5e7fd8
end 0.74105 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
0 s  workload.action c1 (act 1) = join
0.02 s  workload.action c1 (act 2) = visit
0.02 s  workload.room c1 (act 2) #2 = 1
0.4 s  fault.kind (strike 2) = formerVersion
0.4 s  fault.target (strike 2) = 2
