story 1
scenario crash-storm
seed 0
set servers 1
set clients 1
set timing lan
set duration 200ms
set storage memory
set bugs L6
property room order
detail s1 showed at 4 what it has not applied
hash a85b7d19f2b13113
end 0.0401 s
node 0 s1
node 1024 c1
0 s  workload.action c1 (act 1) = join
0.04 s  workload.action c1 (act 3) = say
