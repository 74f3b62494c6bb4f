package io.ketju.tests.simulation;

import io.ketju.actors.message.RunTicket;

/** A way of one stage's files between nodes, of one start of one run: what is of another start finds no end of it. */
record FileEdge(RunTicket ticket, Kind kind, int stage) {
    /** What the files are. */
    enum Kind {
        /** What a stage starts from, out of the run's folder. */
        STATE,
        /** Shards of checkpoints, into it. */
        SHARD,
        /** Copies in memory, to the next worker. */
        COPY,
        /** Copies that are wanted by a run that begins again, into its folder; of the start to come. */
        KEPT
    }

    /** Each way keeps its own order, and no other's. */
    String channel() {
        return ticket.incarnation() + ":" + kind + ":" + stage;
    }
}
