package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Figures;
import dev.sluice.chain.OwnFigures;
import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.middleware.Middleware;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose answer an error is. */
@Timeout(30)
class OwnAnswersTest {

    private static final FilterChain NOTHING = (request, response) -> {};
    private static final FilterChain FAILING = (request, response) -> ((HttpServletResponse) response).setStatus(502);

    private final FakeTime time = new FakeTime();
    private final Random random = new Random(5);
    private final Chain chain = new Chain(time::nanoTime, time, time, Arming.NONE, random::nextLong);
    private final Entrance entrance = new Entrance(chain, Parts.waitingRoom(), Parts.UNWATCHED);

    private Unit one;

    @BeforeEach
    void open() {
        chain.open();
    }

    /** It is observed: nothing of this is known of the others. */
    private void observe(Middleware middleware) {
        one = join("m", 1, 10, middleware);
        join("m", 2, 20, middleware);
        observe();
    }

    private void observe() {
        chain.change(
                roster -> roster.split(List.of(
                        new Split("by.m", List.of(new Share(10, "one", 1), new Share(20, "two", 0)), Sticky.NONE))),
                "test");
    }

    private Unit join(String name, int major, long bundle, Middleware middleware) {
        return join(name, major, bundle, 0, middleware);
    }

    private Unit join(String name, int major, long bundle, int ranking, Middleware middleware) {
        Provider provider = provider(name, major, bundle, spec(ranking), middleware);
        chain.change(roster -> roster.join(provider), "test");
        return provider.unit();
    }

    private Exchange serve(FilterChain behind) throws Exception {
        Exchange exchange = new Exchange("/");
        entrance.serve(exchange.request, exchange.response, behind);
        return exchange;
    }

    private Figures figures() {
        return chain.figures(10).get(0);
    }

    private OwnFigures ownFigures() {
        return chain.ownFigures().stream()
                .filter(counts -> counts.bundleId() == 10)
                .findFirst()
                .orElseThrow();
    }

    private static Middleware answering(int status) {
        return (request, response, next) -> response.setStatus(status);
    }

    @Test
    void anErrorOfOneThatHandsNothingOnIsItsOwn() throws Exception {
        observe(answering(500));
        serve(NOTHING);
        assertThat(figures().serverErrors()).isEqualTo(1);
        assertThat(figures().ownErrors()).isEqualTo(1);
        assertThat(figures().failures()).isZero();
    }

    @Test
    void anErrorOfWhatStandsBehindIsNobodysOwn() throws Exception {
        observe(Parts.PASSES);
        serve(FAILING);
        assertThat(figures().serverErrors()).isEqualTo(1);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void anErrorThatIsMadeOfAGoodAnswerIsItsOwn() throws Exception {
        observe((request, response, next) -> {
            next.proceed(request, response);
            response.setStatus(500);
        });
        serve(NOTHING);
        assertThat(figures().ownErrors()).isEqualTo(1);
    }

    @Test
    void anErrorThatIsMadeOfAnErrorIsNot() throws Exception {
        observe((request, response, next) -> {
            next.proceed(request, response);
            response.setStatus(500);
        });
        serve(FAILING);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void anErrorThatIsMadeOfAFailureOfTheRestIsNot() throws Exception {
        observe((request, response, next) -> {
            try {
                next.proceed(request, response);
            } catch (IllegalStateException e) {
                response.setStatus(500);
            }
        });
        serve((request, response) -> {
            throw new IllegalStateException("behind");
        });
        assertThat(figures().serverErrors()).isEqualTo(1);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void anErrorThatAnEarlierMiddlewareMakesOfItsAnswerIsNot() throws Exception {
        observe(answering(404));
        join("outer", 1, 30, 9, (request, response, next) -> {
            next.proceed(request, response);
            response.setStatus(500);
        });
        serve(NOTHING);
        assertThat(figures().serverErrors()).isEqualTo(1);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void anErrorThatAnEarlierMiddlewareMendsIsNone() throws Exception {
        observe(answering(500));
        join("outer", 1, 30, 9, (request, response, next) -> {
            next.proceed(request, response);
            response.setStatus(200);
        });
        serve(NOTHING);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void whatIsThrownIsAFailureAndNoAnswer() throws Exception {
        observe((request, response, next) -> {
            throw new IllegalStateException("its own");
        });
        serve(NOTHING);
        assertThat(figures().failures()).isEqualTo(1);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void whoeverSaysWhenToComeBackMeansIt() throws Exception {
        observe((request, response, next) -> {
            response.setStatus(503);
            response.setHeader("Retry-After", "120");
        });
        serve(NOTHING);
        assertThat(figures().serverErrors()).isEqualTo(1);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void a503ThatDoesntIsAnError() throws Exception {
        observe(answering(503));
        serve(NOTHING);
        assertThat(figures().ownErrors()).isEqualTo(1);
    }

    @Test
    void aRequestThatTheChainKeepsFromItIsNotItsAnswer() throws Exception {
        observe(answering(500));
        one.close();
        assertThat(serve(NOTHING).status()).isEqualTo(503);
        assertThat(figures().ownErrors()).isZero();
    }

    @Test
    void whatItAnsweredBeforeItWasObservedIsKnown() throws Exception {
        join("m", 1, 10, answering(500));
        time.advance(Duration.ofNanos(1 << 5));
        for (int i = 0; i < 40; i++) {
            serve(NOTHING);
        }
        assertThat(ownFigures().errors()).isEqualTo(40);
        assertThat(ownFigures().requests()).as("none is in the sample").isEqualTo(40);
        observe();
        assertThat(figures().requests()).isZero();
        assertThat(figures().ownErrors()).isEqualTo(40);
    }

    @Test
    void howMuchItHasHandedOnIsKnownAbout() throws Exception {
        join("m", 1, 10, Parts.PASSES);
        for (int i = 0; i < 20_000; i++) {
            time.advance(Duration.ofNanos(31 + random.nextInt(1_000)));
            serve(NOTHING);
        }
        assertThat(ownFigures().requests()).isBetween(19_000L, 21_000L);
        assertThat(ownFigures().fewest()).isBetween(17_000L, 20_000L);
        assertThat(ownFigures().most()).isBetween(20_000L, 23_000L);
        assertThat(ownFigures().answers()).isZero();
        assertThat(ownFigures().errors()).isZero();
        assertThat(ownFigures().failures()).isZero();
    }

    /** As a load's that is never late: whatever the time between two, the sample is neither all of them nor none. */
    @ParameterizedTest
    @ValueSource(longs = {1, 16, 32, 64, 256, 512, 1_000, 1_024, 8_192, 20_000, 1_000_000, 1_048_576, 1_000_000_000})
    void ofRequestsAtRegularTimesTheSampleIsRight(long nanos) throws Exception {
        join("m", 1, 10, Parts.PASSES);
        for (int i = 0; i < 20_000; i++) {
            time.advance(Duration.ofNanos(nanos));
            serve(NOTHING);
        }
        assertThat(ownFigures().requests()).isBetween(19_000L, 21_000L);
    }

    /** Its successor may come when it has hardly had any. */
    @Test
    void ofOneThatIsYoungEachIsCounted() throws Exception {
        join("m", 1, 10, Parts.PASSES);
        for (int i = 1; i < OwnFigures.EACH; i++) {
            time.advance(Duration.ofNanos(31 + random.nextInt(1_000)));
            serve(NOTHING);
        }
        OwnFigures own = ownFigures();
        assertThat(own.isExact()).isTrue();
        assertThat(own.requests())
                .isEqualTo(OwnFigures.EACH - 1)
                .isEqualTo(own.fewest())
                .isEqualTo(own.most());
        serve(NOTHING);
        assertThat(ownFigures().isExact()).as("from now on").isFalse();
        time.advance(Duration.ofNanos(-time.nanoTime()));
        serve(NOTHING);
        assertThat(ownFigures().since(own).handedOn()).isEqualTo(1);
        assertThat(ownFigures().since(own).sampled()).isEqualTo(1);
    }

    /** At a time that is in the sample: each would be in it if it weren't counted. */
    @Test
    void whatItAnswersOrFailsOnIsCountedAndNotSampledToo() throws Exception {
        boolean[] fails = {false};
        join("m", 1, 10, (request, response, next) -> {
            if (fails[0]) {
                throw new IllegalStateException("its own");
            }
            response.setStatus(500);
        });
        time.advance(Duration.ofNanos(-time.nanoTime()));
        for (int i = 0; i < 10; i++) {
            serve(NOTHING);
        }
        fails[0] = true;
        for (int i = 0; i < 30; i++) {
            serve(NOTHING);
        }
        OwnFigures own = ownFigures();
        assertThat(own.failures()).isEqualTo(30);
        assertThat(own.answers()).isEqualTo(10);
        assertThat(own.sampled()).isZero();
        assertThat(own.requests()).isEqualTo(40).isEqualTo(own.fewest());
    }

    @Test
    void whatOthersFailOnIsNotCharged() throws Exception {
        join("m", 1, 10, Parts.PASSES);
        serve((request, response) -> {
            throw new IllegalStateException("behind");
        });
        assertThat(ownFigures().failures()).isZero();
    }

    @Test
    void whatItHasAnsweredInATimeIsTheDifference() throws Exception {
        join("m", 1, 10, answering(500));
        serve(NOTHING);
        OwnFigures before = ownFigures();
        serve(NOTHING);
        serve(NOTHING);
        OwnFigures since = ownFigures().since(before);
        assertThat(since.errors()).isEqualTo(2);
        assertThat(since.requests()).isEqualTo(2);
        assertThat(before.follows(ownFigures())).isFalse();
    }

    @Test
    void ofAStandbyTooItIsKnown() {
        join("m", 1, 10, answering(500));
        join("m", 2, 20, Parts.PASSES);
        assertThat(chain.ownFigures()).extracting(OwnFigures::bundleId).containsExactlyInAnyOrder(10L, 20L);
    }
}
