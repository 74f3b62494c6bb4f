package io.ketju.web;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.LivePage;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingEvent;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * A page on loopback that shows a run while it goes on:
 *
 * <pre>{@code
 * try (WebDashboard page = new WebDashboard()) {
 *     System.out.println(page.address());
 *     Ketju.fit(job, page);
 * }
 * }</pre>
 *
 * It is there from when it is made until it is closed, for one run. Its threads are daemons: one that is forgotten keeps no JVM.
 */
public final class WebDashboard implements LivePage {
    private static final int HIGHEST_PORT = 65_535;

    private final LiveRun run = new LiveRun();
    private final DashboardServer server;

    /** On a port that is free. */
    public WebDashboard() {
        this(0);
    }

    /**
     * Opens the page on loopback, where it stays until it is closed.
     *
     * @param port 0 for any that is free
     * @throws InvalidJobException in one line if the port cannot be had
     */
    public WebDashboard(int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new InvalidJobException("port of the page: expected 0 to " + HIGHEST_PORT + ", found " + port);
        }
        try {
            server = DashboardServer.start(port, run);
        } catch (IOException e) {
            throw new InvalidJobException(
                    "port of the page: expected one that is free, found " + port + ": " + e.getMessage()
                            + "; choose another, or 0 for any",
                    e);
        }
    }

    @Override
    public URI address() {
        return server.address();
    }

    @Override
    public URI serve(MetricsEndpoint.Meters meters) {
        server.serve(meters);
        return address().resolve(MetricsEndpoint.PATH);
    }

    @Override
    public void on(TrainingEvent event) {
        run.on(event);
    }

    @Override
    public Optional<TimelineWatcher> timeline() {
        return Optional.of(new TimelineWatcher() {
            @Override
            public boolean watching() {
                return server.isWatched();
            }

            @Override
            public void saw(TimelineSample sample) {
                run.saw(sample);
            }
        });
    }

    @Override
    public void close() {
        run.end();
        server.close();
    }
}
