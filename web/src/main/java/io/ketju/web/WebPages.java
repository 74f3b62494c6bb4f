package io.ketju.web;

import io.ketju.actors.job.LivePage;
import io.ketju.actors.job.LivePages;

/** Gives the command line its page. */
public final class WebPages implements LivePages {
    /** For {@link java.util.ServiceLoader}: nothing is open before {@link #open}. */
    public WebPages() {}

    @Override
    public LivePage open(int port) {
        return new WebDashboard(port);
    }
}
