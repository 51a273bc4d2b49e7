story 1
scenario crash-storm
seed 0
set servers 1
set clients 6
set timing lan
set duration 200ms
set storage memory
set bugs R18
property durability
detail s1 acknowledged index 2, it has applied 1
hash eb2ff301e6effe28
end 0.0003 s
node 0 s1
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
node 1029 c6
0 s  workload.action c6 (act 1) = join
