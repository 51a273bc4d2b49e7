story 1
scenario crash-storm
seed 0
set servers 1
set clients 4
set timing lan
set duration 200ms
set storage memory
set bugs L6
property room order
detail s1 showed at 4 what it has not applied
hash 1169652ebbd8ad33
end 0.0401 s
node 0 s1
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
0 s  workload.action c4 (act 1) = join
0.04 s  workload.action c4 (act 3) = say
