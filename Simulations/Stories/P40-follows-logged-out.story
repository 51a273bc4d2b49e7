story 1
scenario accounts
seed 2
set servers 2
set clients 6
set timing lan
set duration 700ms
set storage memory
set bugs P40
set accounts optional
set limits.append-bytes 627
set limits.appends-in-flight 2
property access
detail s1 showed a message on a connection on which nobody is logged in as c4
hash 154b215f9f91780a
end 0.52195 s
node 0 s1
node 1 s2
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
node 1029 c6
node 1030 c7
node 1031 c8
0 s  workload.action c5 (act 1) = join
0.0006 s  disk.commit s2 #2 = 400 ms
0.06 s  workload.action c5 (act 4) = say
0.06 s  workload.action c6 (act 4) = join
0.08 s  workload.action c4 (act 5) = join
0.08 s  workload.action c6 (act 5) = burst
0.1 s  workload.action c3 (act 6) = join
