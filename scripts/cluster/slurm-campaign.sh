#!/usr/bin/env bash
#SBATCH --job-name=simulation
#SBATCH --array=0-31
#SBATCH --cpus-per-task=4
#SBATCH --time=02:00:00
#SBATCH --signal=B:TERM@60
#SBATCH --output=simulation-%A-%a.log
#
# One campaign over many machines: every task of the array runs the shard that Slurm's
# variables say, and leaves a report. From a folder that all machines see:
#
#   sbatch slurm-campaign.sh COMMAND OPTION…
#   sbatch --array=0-99 --cpus-per-task=16 slurm-campaign.sh ./syncnet simulate --count 1000000
#
# COMMAND OPTION… is the simulate command of any tool made with SimulationRunner. Reports go to
# $SIMULATION_REPORTS, or to simulation-reports-JOB beside the log. When all tasks are done:
#
#   ./syncnet merge simulation-reports-JOB/*.json
#
# One task that failed is run again by itself, where SIMULATION_SHARDS tells how many there are:
#
#   SIMULATION_SHARDS=100 SIMULATION_REPORTS=simulation-reports-JOB sbatch --array=17 …
set -euo pipefail
if (($# == 0)); then
    echo 'slurm-campaign.sh: needs the simulate command to run, as: ./syncnet simulate' >&2
    exit 64
fi
reports=${SIMULATION_REPORTS:-simulation-reports-${SLURM_ARRAY_JOB_ID:?is run by sbatch}}
mkdir -p "$reports"
# The report of a shard that failed is as good as any other: merge shows its failures.
exec "$@" --shard auto --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --report "$reports/$SLURM_ARRAY_TASK_ID.json"
