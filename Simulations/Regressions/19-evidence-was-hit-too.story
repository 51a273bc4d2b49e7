story 1
scenario dying-disks
seed 70
set servers 5
set clients 1
set timing lan
set duration 6500ms
set storage sqlite
set faults.pause 20ms-400ms
set faults.at-once 6
set faults.crash.lasting 5ms-200ms
set faults.crash-in-commit.lasting 5ms-200ms
set faults.lying-sync.lasting 200ms-3000ms
set faults.bit-flip.lasting 1ms-10ms
set faults.misdirected-write.weight 6
property journal
detail s2 found a log up to 28 after its restart, which is none that its disk can hold (29 entries answered for, 29 asked for)
hash d800279e70cfcb07
end 6.301 s
node 0 s1
node 1 s2
node 2 s3
node 3 s4
node 4 s5
node 1024 c1
0.42 s  fault.moment (strike 22) = at 4 s
3.46 s  workload.action c1 (act 174) = join
3.48 s  workload.action c1 (act 175) = join
3.5 s  workload.action c1 (act 176) = say
3.52 s  workload.action c1 (act 177) = say
3.54 s  workload.action c1 (act 178) = burst
3.58 s  workload.action c1 (act 180) = burst
3.62 s  workload.action c1 (act 182) = say
3.64 s  workload.action c1 (act 183) = say
3.66 s  workload.action c1 (act 184) = burst
3.7 s  workload.action c1 (act 186) = say
3.74 s  workload.action c1 (act 188) = say
3.8 s  workload.action c1 (act 191) = say
3.82 s  workload.action c1 (act 192) = say
3.84 s  workload.action c1 (act 193) = say
3.86 s  workload.action c1 (act 194) = say
3.9 s  workload.action c1 (act 196) = burst
3.92 s  workload.action c1 (act 197) = say
3.94 s  workload.action c1 (act 198) = say
3.98 s  workload.action c1 (act 200) = say
4 s  workload.action c1 (act 201) = say
4.02 s  fault.kind (strike 23) = lyingSync
4.02 s  fault.duration (strike 23) = 2 s
4.02 s  workload.action c1 (act 202) = burst
4.2 s  fault.moment (strike 33) = at 4.4 s
4.4 s  fault.kind (strike 33) = lyingSync
4.4 s  fault.duration (strike 33) = 1.8 s
4.46 s  fault.kind (strike 36) = crashInCommit
4.46 s  fault.target (strike 36) = 1
4.46 s  fault.duration (strike 36) = 100 ms
4.52 s  fault.moment (strike 40) = at 6.083111068 s
5.28 s  workload.action c1 (act 265) = say
6.08 s  workload.action c1 (act 305) = say
6.083111068 s  fault.kind (strike 40) = crash
6.083111068 s  fault.target (strike 40) = 1
6.083111068 s  fault.duration (strike 40) = 100 ms
6.103111068 s  fault.kind (strike 41) = misdirectedWrite
6.103111068 s  fault.target (strike 41) = 1
6.123111068 s  fault.moment (strike 43) = at 6.3 s
6.3 s  fault.kind (strike 43) = bitFlip
6.3 s  fault.target (strike 43) = 1
6.3 s  disk.trouble s2 (strike 43) #3 = 1
