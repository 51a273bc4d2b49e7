story 1
scenario swarm
seed 101
set servers 1
set clients 1
set timing lan
set duration 1100ms
set storage sqlite
set bugs S2
set faults.pause 46.875000ms-328.125000ms
set faults.failed-sync.lasting 25ms-1000ms
set leader-faults.crash.lasting 25ms-3000ms
property journal
detail s1 found a log up to 2 after its restart, which is none that its disk can hold (3 entries answered for, 3 asked for)
hash da1ee3a1f9adb8e6
end 1.025 s
node 0 s1
node 1024 c1
0 s  workload.action c1 (act 1) = join
0 s  workload.moment c1 (act 2) = at 0.1 s
0.09375 s  fault.kind (strike 2) = failedSync
0.1 s  workload.action c1 (act 2) = say
1 s  fault.kind (leader-strike 5) = crash
1 s  crash.kind s1 (leader-strike 5) = 1
