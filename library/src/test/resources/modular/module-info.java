module app {
    requires io.ketju.pipeline;
}
