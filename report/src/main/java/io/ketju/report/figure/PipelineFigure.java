package io.ketju.report.figure;

import io.ketju.deploy.display.Timeline;

/** What every rank does when. */
public record PipelineFigure(String name, Timeline timeline) implements Figure {
    @Override
    public String title() {
        return timeline.title();
    }
}
