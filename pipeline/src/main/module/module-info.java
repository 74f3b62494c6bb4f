/** Schedules as data, the partitioner and the stage state machine. */
module io.ketju.pipeline {
    requires transitive io.ketju.layers;
    requires transitive io.ketju.tensor;
    requires static org.jspecify;

    exports io.ketju.pipeline;
    exports io.ketju.pipeline.catalogue;
    exports io.ketju.pipeline.choice;
    exports io.ketju.pipeline.partition;
    exports io.ketju.pipeline.program;
    exports io.ketju.pipeline.schedule;
    exports io.ketju.pipeline.stage;
    exports io.ketju.pipeline.trace;
}
