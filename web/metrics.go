package web

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are counts of the front desk. Labels are routes as the code writes
// them, never what a visitor sent.
type metrics struct {
	registry  *prometheus.Registry
	hits      prometheus.Counter
	renders   prometheus.Counter
	incidents prometheus.Counter
	bytes     prometheus.Gauge
	visits    *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		hits:      prometheus.NewCounter(prometheus.CounterOpts{Name: "glosa_page_hits_total", Help: "Pages sent out of the cache."}),
		renders:   prometheus.NewCounter(prometheus.CounterOpts{Name: "glosa_page_renders_total", Help: "Public pages rendered."}),
		incidents: prometheus.NewCounter(prometheus.CounterOpts{Name: "glosa_incidents_total", Help: "Visits that ended in a fault of ours."}),
		bytes:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "glosa_page_cache_bytes", Help: "Bytes of kept pages."}),
		visits: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "glosa_visit_seconds", Help: "Time of visits that passed the router.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5}}, []string{"route"}),
	}
	m.registry.MustRegister(m.hits, m.renders, m.incidents, m.bytes, m.visits,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// gauges are numbers of other rooms, asked when somebody looks.
type gauges func(ctx context.Context) map[string]float64

// Describe implements [prometheus.Collector]: the names are known when they are asked.
func (g gauges) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (g gauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for name, n := range g(ctx) {
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, "Counted when asked.", nil, nil), prometheus.GaugeValue, n)
	}
}

func (m *metrics) took(route string, d time.Duration) {
	m.visits.WithLabelValues(route).Observe(d.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
