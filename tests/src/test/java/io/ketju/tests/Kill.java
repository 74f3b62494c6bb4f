package io.ketju.tests;

import java.util.List;
import java.util.SplittableRandom;

/**
 * One kill of a campaign. Its number and the campaign's seed decide all of it. Any four in a row are at all moments and
 * of all victims; any twelve kill every victim at every moment.
 *
 * @param number in the campaign, from 0
 * @param worker which worker dies, if one does
 * @param epoch data epoch after whose end the moment is, from 1
 * @param delayMillis from what announces the moment to the kill
 * @param stages with which the run goes on
 */
record Kill(long seed, int number, Moment moment, Victim victim, int worker, int epoch, int delayMillis, int stages) {
    /** Data epochs of a killed run. Those of the later half are before it when it is killed, unless that is to be late. */
    static final int EPOCHS = 24;

    private static final List<Moment> MOMENTS = List.of(Moment.values());
    private static final List<Victim> VICTIMS = List.of(Victim.values());

    /** When the victim dies, with the longest delay from what can be seen from outside. */
    enum Moment {
        /** After the start of the processes. */
        JOINING(2_500),
        /** After the line of a data epoch. */
        STEP(100),
        /** After the folder of a checkpoint was made: its shards, its manifest or its clean-up are being written. */
        CHECKPOINT(15),
        /** After the line of the last data epoch but one. */
        END(200);

        private final int longestDelayMillis;

        Moment(int longestDelayMillis) {
            this.longestDelayMillis = longestDelayMillis;
        }
    }

    /** Who dies. */
    enum Victim {
        /** A run in one JVM. */
        ONLY_PROCESS,
        /** Of a run with two workers. */
        DRIVER,
        /** One of two. */
        WORKER
    }

    static Kill of(long seed, int number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        Moment moment = MOMENTS.get((int) Math.floorMod(number + seed, (long) MOMENTS.size()));
        Victim victim = VICTIMS.get((int) Math.floorMod(number + seed / MOMENTS.size(), (long) VICTIMS.size()));
        int epoch = moment == Moment.END ? EPOCHS - 1 : random.nextInt(1, EPOCHS / 2);
        return new Kill(
                seed,
                number,
                moment,
                victim,
                random.nextInt(2),
                epoch,
                random.nextInt(moment.longestDelayMillis),
                random.nextInt(1, 4));
    }

    /** The same kill of a worker. */
    Kill ofWorker() {
        return new Kill(seed, number, moment, Victim.WORKER, worker, epoch, delayMillis, stages);
    }

    /** The flags that make this kill alone happen again. */
    String replay() {
        return "-Dketju.kills.seed=" + seed + " -Dketju.kills.first=" + number + " -Dketju.kills=1"
                + (Boolean.getBoolean("ketju.kills.workers") ? " -Dketju.kills.workers=true" : "");
    }
}
