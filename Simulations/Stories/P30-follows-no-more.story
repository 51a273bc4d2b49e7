story 1
scenario crash-storm
seed 0
set servers 1
set clients 1
set timing lan
set duration 500ms
set storage memory
set bugs P30
set faults.pause 50ms-2000ms
set faults.down all
set faults.crash-in-commit.lasting 50ms-4000ms
property liveness
detail with everything healed and nobody speaking, the members did not get equal and everybody was not shown all of their rooms within 136000 ms: s1 applied 4 of 4, durable 4; c1 was not shown 1 messages of a room
hash 47623d6b291609bb
end 137.150505 s
node 0 s1
node 1024 c1
0.08 s  workload.action c1 (act 5) = join
0.1 s  fault.kind (strike 2) = crashInCommit
0.1 s  workload.action c1 (act 6) = say
