story 1
scenario accounts
seed 0
set servers 1
set clients 8
set timing lan
set duration 200ms
set storage memory
set bugs P48
set plain 20
set accounts optional
set workload.pause 5ms-150ms
property access
detail s1 listed accounts that are not those which it has applied
hash e6b4c8c3ff8a7bf1
end 0.0651 s
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
node 1033 c10
0.035 s  account.change c10 (act 8) = 4
0.065 s  account.change c10 (act 14) = 7
