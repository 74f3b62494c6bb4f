// region module
module app {
    requires io.ketju.actors;
    requires io.ketju.data;
    requires io.ketju.layers;
    requires io.ketju.pipeline;
}
// end region
