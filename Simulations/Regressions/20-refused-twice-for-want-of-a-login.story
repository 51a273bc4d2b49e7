story 1
scenario accounts
seed 1
set servers 1
set clients 7
set timing lan
set duration 300ms
set storage memory
set plain 20
set accounts optional
set workload.pause 5ms-150ms
property exactly once
detail c7 got an answer to order 1, which is not open
hash 8aee60e7dc2e314c
end 0.12665 s
node 0 s1
node 1024 c1
node 1025 c2
node 1026 c3
node 1027 c4
node 1028 c5
node 1029 c6
node 1030 c7
node 1031 c8
node 1032 c9
0 s  disk.commit s1 = 1 ms
0 s  workload.action c7 (act 1) = join
0 s  workload.moment c9 (act 2) = at 0.07 s
0.09 s  account.person c9 (act 6) = 2
0.0901 s  disk.commit s1 #11 = 200 ms
