story 1
scenario accounts
seed 0
set servers 1
set clients 5
set timing lan
set duration 500ms
set storage memory
set bugs P40
set accounts optional
property access
detail s1 showed a message on a connection on which nobody is logged in as c5
hash d15837392ce0ffeb
end 0.38115 s
node 0 s1
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
node 1029 c6
node 1030 c7
0.02 s  workload.moment c5 (act 3) = at 0.1 s
0.0811 s  disk.commit s1 #8 = 300 ms
0.1 s  workload.action c5 (act 3) = join
0.14 s  workload.action c5 (act 5) = burst
