package io.ketju.actors.stage;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One action in a flight recording, from when the rank has all that it takes until it has heard of its end. */
@Name("ketju.Action")
@Label("Action")
@Category("Ketju")
@Description("What a rank computes: a forward, a backward, an update")
@StackTrace(false)
@SuppressWarnings({"unused", "NullAway.Init"}) // the recorder reads the fields
final class ActionEvent extends Event {
    @Label("Rank")
    int rank;

    @Label("Stage")
    int stage;

    @Label("Action")
    @Description("As plans print it: stage, kind and micro-batch, 2F0")
    String action;

    @Label("Kind")
    @Description("F forward, B backward, I input gradient, W weight gradient, R recompute, S step, ...")
    String kind;

    @Label("Micro-batch")
    int microbatch;

    @Label("Window")
    @Description("A mini-batch in training or evaluation, from 0")
    long window;

    @Label("Step")
    long step;

    @Label("Phase")
    @Description("What the window is for: TRAIN, EVALUATE, PREDICT")
    String phase;
}
