story 1
scenario swarm
seed 160006571
set servers 3
set clients 1
set timing lan
set duration 3000ms
set storage memory
set limits.append-entries 2
set faults.crash-loop.lasting 25ms-250ms
set leader-faults.former-version.lasting 25ms-250ms
set leader-faults.isolate.lasting 25ms-250ms
property liveness
detail healed around s1, s2 (the others are deaf), the cluster did not come to a leader, equal logs and all answers within 50000 ms; leaders: s2 in epoch 5; 0 answers missing to 
hash 73cdf45713408bc0
end 53 s
node 0 s1
node 1 s2
node 2 s3
node 1024 c1
0 s  workload.action c1 (act 1) = join
0.2 s  workload.moment c1 (act 12) = at 2.88 s
0.4 s  fault.kind (leader-strike 2) = formerVersion
1 s  fault.kind (leader-strike 5) = formerVersion
1.025 s  restart.pause s3 #2 = 150 ms
1.8 s  fault.moment (leader-strike 10) = at 2.9 s
2.2 s  fault.moment (strike 12) = at 2.83 s
2.83 s  fault.kind (strike 12) = crashLoop
2.83 s  fault.duration (strike 12) = 100 ms
2.83 s  restart.pause s1 (strike 12) = 40 ms
2.83 s  crash.kind s1 (strike 12) = 1
2.871 s  restart.pause s1 (strike 12) #2 = 30 ms
2.88 s  workload.action c1 (act 12) = burst
2.9 s  fault.kind (leader-strike 10) = isolate
3 s  fault.target (second-act) = 2
