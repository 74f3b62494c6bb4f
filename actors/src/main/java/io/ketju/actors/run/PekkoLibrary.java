package io.ketju.actors.run;

import java.util.List;

/**
 * A library of Pekko, with its defaults.
 *
 * @param setting by which one sees that its defaults are there
 * @param copy where Ketju has a copy of them
 */
public record PekkoLibrary(String setting, String copy) {
    /** What an actor system within one JVM needs. */
    public static final List<PekkoLibrary> LOCAL = List.of(
            new PekkoLibrary(
                    "pekko.actor.guardian-supervisor-strategy", "io/ketju/actors/run/pekko-actor/reference.conf"),
            new PekkoLibrary(
                    "pekko.actor.typed.restart-stash-capacity",
                    "io/ketju/actors/run/pekko-actor-typed/reference.conf"));
}
