story 1
scenario crash-storm
seed 0
set servers 1
set clients 1
set timing lan
set duration 200ms
set storage memory
set bugs R18
property durability
detail s1 acknowledged index 2, it has applied 1
hash a71e4f62d5aefab4
end 0.0003 s
node 0 s1
node 1024 c1
0 s  workload.action c1 (act 1) = join
