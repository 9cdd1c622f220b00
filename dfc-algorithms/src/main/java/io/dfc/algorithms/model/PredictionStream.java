package io.dfc.algorithms.model;

import java.util.concurrent.Flow;

/**
 * Predictions of a stream of inputs, one for each, on the thread that publishes them. Demand goes
 * through: nothing is held here.
 *
 * @param model predicts
 * @param inputs publishes the inputs
 */
record PredictionStream(Model model, Flow.Publisher<float[]> inputs)
        implements Flow.Publisher<float[]> {
    @Override
    public void subscribe(Flow.Subscriber<? super float[]> subscriber) {
        inputs.subscribe(new Through(model, subscriber));
    }

    /** Between a publisher of inputs and a subscriber to predictions. */
    private static final class Through implements Flow.Subscriber<float[]> {
        private final Model model;
        private final Flow.Subscriber<? super float[]> subscriber;

        @SuppressWarnings("NullAway.Init") // comes before any input
        private Flow.Subscription subscription;

        private boolean failed;

        Through(Model model, Flow.Subscriber<? super float[]> subscriber) {
            this.model = model;
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            subscription = opened;
            subscriber.onSubscribe(opened);
        }

        @Override
        public void onNext(float[] input) {
            if (failed) {
                return;
            }
            float[] prediction;
            try {
                prediction = model.predict(input);
            } catch (RuntimeException e) {
                failed = true;
                subscription.cancel();
                subscriber.onError(e);
                return;
            }
            subscriber.onNext(prediction);
        }

        @Override
        public void onError(Throwable failure) {
            if (!failed) {
                subscriber.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (!failed) {
                subscriber.onComplete();
            }
        }
    }
}
