package io.ketju.metrics;

import com.sun.net.httpserver.HttpServer;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TrainingEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The numbers of a run for Prometheus, at {@code /metrics} of a small server of the JDK on the loopback address. */
public final class PrometheusEndpoint implements MetricsEndpoint {
    /** For {@link java.util.ServiceLoader}: nothing is open before {@link #open}. */
    public PrometheusEndpoint() {}

    @Override
    public Open open(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        return new Serving(server);
    }

    @Override
    public Meters meters() {
        return new PrometheusMeters();
    }

    private static final class Serving implements Open {
        private final HttpServer server;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("ketju-metrics").factory());
        private final PrometheusMeters meters = new PrometheusMeters();

        Serving(HttpServer server) {
            this.server = server;
            server.createContext(PATH, new PrometheusHandler(meters.registry()))
                    .getFilters()
                    .add(new LoopbackHosts());
            server.setExecutor(thread);
            server.start();
        }

        @Override
        public String address() {
            InetSocketAddress bound = server.getAddress();
            return "http://" + bound.getAddress().getHostAddress() + ":" + bound.getPort() + PATH;
        }

        @Override
        public void on(TrainingEvent event) {
            meters.on(event);
        }

        @Override
        public Answer answer(String accepted) {
            return meters.answer(accepted);
        }

        @Override
        public void close() {
            server.stop(0);
            thread.shutdown();
            meters.close();
        }
    }
}
