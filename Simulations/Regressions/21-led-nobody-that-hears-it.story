story 1
scenario swarm
seed 3007981
set servers 8
set clients 1
set timing lan
set duration 5000ms
set storage memory
set fault-points true
set points.kinds 888204
set points.one-in 29
set points.salt 11242527885445475925
set faults.one-way.lasting 25ms-3000ms
property liveness
detail healed around s2, s3, s4, s5, s6 (the others are as-they-are), the cluster did not come to its last reads within 50000 ms; leaders: s7 in epoch 47; 3 answers missing to c1
hash 3e69a01865e4bbc
end 55 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 5 s6
node 6 s7
node 7 s8
node 1024 c1
0.4 s  fault.moment (strike 3) = at 4.6 s
4.6 s  fault.kind (strike 3) = oneWay
4.6 s  fault.target (strike 3) = 6
4.6 s  fault.target s7 (strike 3) = 2
4.6 s  fault.duration (strike 3) = 1 s
5 s  fault.target (second-act) = 6
5 s  fault.target (second-act) #2 = 6
5 s  fault.kind (second-act) = 4
