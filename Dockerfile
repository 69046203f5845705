# One image for every process of ours; the command chooses which:
#   gateway | services.NAME serve | services.NAME follow | shared.runtime.provision apply FOLDER

FROM python:3.13-slim AS environment
COPY requirements.lock .
RUN python -m venv /environment \
    && /environment/bin/pip install --no-cache-dir --disable-pip-version-check --progress-bar off \
        --require-hashes --only-binary :all: --no-binary nameko,path-py -r requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin platform
COPY --from=environment /environment /environment
WORKDIR /platform
COPY shared shared
COPY gateway gateway
COPY services services
RUN install -d -o 10001 /checkpoints
ENV PATH=/environment/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
ENTRYPOINT ["python", "-m"]
CMD ["gateway"]
