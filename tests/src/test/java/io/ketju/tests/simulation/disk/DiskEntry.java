package io.ketju.tests.simulation.disk;

import java.util.SplittableRandom;

/** A file or a folder. */
sealed interface DiskEntry permits DiskFile, DiskFolder {
    /** What is not durable becomes what a power cut makes of it, which the random numbers say. */
    void losePower(SplittableRandom random);
}
