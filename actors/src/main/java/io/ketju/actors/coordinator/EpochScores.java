package io.ketju.actors.coordinator;

import java.nio.file.Path;
import java.util.SequencedMap;

/** What is told of an epoch beside what its windows measured. */
@FunctionalInterface
public interface EpochScores {
    /**
     * {@return values of the test samples, by the names under which they are told}
     *
     * @param checkpoint of the state after the epoch: its folder
     */
    SequencedMap<String, Double> of(Path checkpoint);
}
