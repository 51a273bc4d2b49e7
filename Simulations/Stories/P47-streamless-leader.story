story 1
scenario blocked-traffic
seed 13
set servers 4
set clients 0
set timing lan
set duration 500ms
set storage memory
set bugs P47
property liveness
detail healed around s1, s2, s3 (the others are streamless-among-servers), the cluster did not come to a leader, equal logs and all answers within 50000 ms; leaders: s4 in epoch 1; 0 answers missing to 
hash 3a6aedf8a6b132a6
end 50.5 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
0.4015 s  fault.target (second-act) = 3
0.4015 s  fault.kind (second-act) = 6
